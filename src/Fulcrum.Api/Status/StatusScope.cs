using Fulcrum.Api.Access;
using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Explaining;

namespace Fulcrum.Api.Status;

/// <summary>Of the status, what a caller may see.</summary>
internal static class StatusScope
{
    public static StatusDocument Within(StatusDocument status, DerivedState state, Scope scope) =>
        scope.CoversAll
            ? status
            : status with
            {
                Services =
                [
                    .. status
                        .Services.Where(service => scope.Covers("service", service.Name))
                        .Select(service => Within(service, scope)),
                ],
                Vips = [.. status.Vips.Where(vip => scope.Covers("vip", vip.Name))],
                Checks = StatusBuilder.CountChecks(state, ChecksWithin(state, scope)),
                Certificates = CertificatesStatus.Of(
                    state.Certificates.Values.Where(one => scope.Covers("certificate", one.Observed.Name))
                ),
                Overrides = [.. status.Overrides.Where(decision => scope.Covers("override", decision.Target))],
                Troubles = [.. status.Troubles.Where(trouble => scope.Covers(trouble.Kind, trouble.Name))],
            };

    private static ServiceStatus Within(ServiceStatus service, Scope scope) =>
        service with
        {
            Backends =
            [
                .. service.Backends.Where(backend => scope.Covers("backend", $"{backend.Upstream}/{backend.Id}")),
            ],
        };

    private static IEnumerable<Engine.Ports.ProbeTask> ChecksWithin(DerivedState state, Scope scope) =>
        CheckNames.Of(state).Where(names => names.Any(name => scope.Covers("check", name))).Select(names => names.Key);
}
