using System.Globalization;
using System.Text;
using Fulcrum.Api.Operations;

namespace Fulcrum.Api.Tests.Access;

/// <summary>A request for any operation of the table: complete as far as the gates look, and broken where it would change anything.</summary>
internal static class OperationRequest
{
    public static HttpRequestMessage Of(Operation operation)
    {
        var path = operation.Path;
        var query = new List<string>();
        foreach (var parameter in operation.Parameters.Where(parameter => parameter.IsRequired))
        {
            var value = Uri.EscapeDataString(Value(parameter));
            if (parameter.IsInPath)
            {
                path = path.Replace($"{{{parameter.Name}}}", value, StringComparison.Ordinal);
            }
            else
            {
                query.Add($"{parameter.Name}={value}");
            }
        }

        var request = new HttpRequestMessage(
            new(operation.Method),
            new Uri(Operation.Root + path + (query.Count > 0 ? "?" + string.Join('&', query) : ""), UriKind.Relative)
        );
        if (operation.Body is { } body)
        {
            request.Content = new StringContent("[", Encoding.UTF8, body.Media[0]);
        }

        return request;
    }

    private static string Value(Parameter parameter) =>
        parameter.Words.Count > 0 ? parameter.Words[0]
        : parameter.Least is { } least ? least.ToString(CultureInfo.InvariantCulture)
        : parameter.Example ?? "web";
}
