using System.Net;
using Fulcrum.Api.Problems;
using Microsoft.AspNetCore.Http;

namespace Fulcrum.Api.Access;

/// <summary>
/// A browser on this machine runs what strangers wrote, and lets it send requests to loopback. Two things that it tells
/// give such requests away. A name in <c>Host</c> that is not loopback's: somebody pointed their own name here (DNS
/// rebinding), and their page would read our answers as its own. An <c>Origin</c> that is not ours: a page of another
/// site asks, and though it may not see the answer, an order would be carried out (RFC 6454 section 7).
/// </summary>
internal static class BrowserGuard
{
    /// <summary>Null: nothing speaks against it.</summary>
    public static string? WhyNot(HttpRequest request, DoorKind door)
    {
        if (door == DoorKind.Loopback && !IsLoopback(request.Host.Host))
        {
            return $"this address is for this machine, not for '{Answers.Shown(request.Host.Value ?? "")}'; ask for http://localhost or the address itself";
        }

        if (door == DoorKind.Socket || HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            return null;
        }

        var origin = request.Headers.Origin;
        var own = $"{request.Scheme}://{request.Host.Value}";
        return origin.Count == 0 || (origin is [{ } one] && one.Equals(own, StringComparison.OrdinalIgnoreCase))
            ? null
            : $"a page of '{Answers.Shown(origin.ToString())}' may not change anything here";
    }

    private static bool IsLoopback(string host) =>
        host.TrimEnd('.').Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
