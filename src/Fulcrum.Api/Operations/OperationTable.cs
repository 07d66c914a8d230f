using Fulcrum.Api.Certificates;
using Fulcrum.Api.Changes;
using Fulcrum.Api.Checks;
using Fulcrum.Api.Configuring;
using Fulcrum.Api.Events;
using Fulcrum.Api.Explaining;
using Fulcrum.Api.Objects;
using Fulcrum.Api.OpenApi;
using Fulcrum.Api.Overrides;
using Fulcrum.Api.Sessions;
using Fulcrum.Api.Status;
using Fulcrum.Api.Upgrading;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Fulcrum.Api.Operations;

/// <summary>All that the API can do.</summary>
internal static class OperationTable
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        .. StatusOperations.All,
        .. ObjectOperations.All,
        .. CertificateOperations.All,
        .. ConfigurationOperations.All,
        .. ChangeOperations.All,
        .. OverrideOperations.All,
        .. QuestionOperations.All,
        .. CheckOperations.All,
        .. SessionOperations.All,
        .. EventOperations.All,
        .. UpgradeOperations.All,
        .. OpenApiOperations.All,
    ];

    public static void Map(IEndpointRouteBuilder routes, NodeContext node)
    {
        foreach (var operation in All)
        {
            routes
                .MapMethods(
                    Operation.Root + operation.Path,
                    [operation.Method],
                    context => operation.Handler(context, node)
                )
                .WithMetadata(operation);
        }
    }
}
