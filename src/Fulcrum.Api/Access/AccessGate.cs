using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Fulcrum.Api.Access.Audit;
using Fulcrum.Api.Access.Limits;
using Fulcrum.Api.Operations;
using Fulcrum.Api.Problems;
using Fulcrum.Configuration;
using Fulcrum.Model;
using Fulcrum.Model.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Fulcrum.Api.Access;

/// <summary>Says who asks, and lets nobody do more, or more often, than they may. What a request brings is read after.</summary>
internal sealed class AccessGate(Identification identification, RateLimiter limits, Func<ApiSettings> settings)
{
    // Who fails to say who they are does not need many attempts.
    private const double FailuresPerSecond = 1;
    private const double FailuresAtOnce = 10;

    public void Use(WebApplication app, Door door) => app.Use((context, next) => CheckAsync(context, door.Kind, next));

    private async Task CheckAsync(HttpContext context, DoorKind door, RequestDelegate next)
    {
        var operation = context.GetEndpoint()?.Metadata.GetMetadata<Operation>();
        var wanted = operation?.Role ?? RoleOf(context.Request.Method);
        var identity = BrowserGuard.WhyNot(context.Request, door) is { } why
            ? Identity.Forbidden(why)
            : identification.Of(context, door, settings());
        var from = FromOf(context);
        if (wanted > AccessRole.Reader)
        {
            context.Features.Set(NoteOf(context, operation, identity, from));
        }

        if (HowLong(identity, context) is { } wait)
        {
            await RefuseForNowAsync(context, wait);
        }
        else if (identity.Caller is not { } caller)
        {
            await RefuseAsync(context, identity.Status, identity.Why);
        }
        else if (WhyNot(caller, operation, wanted) is { } less)
        {
            await RefuseAsync(
                context,
                identity.IsKnown ? StatusCodes.Status403Forbidden : StatusCodes.Status401Unauthorized,
                less
            );
        }
        else
        {
            context.Features.Set(caller);
            await next(context);
        }
    }

    // What is in no table, such as a path that nobody knows: whoever may look may learn that.
    private static AccessRole RoleOf(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) ? AccessRole.Reader : AccessRole.Admin;

    private static string? WhyNot(Caller caller, Operation? operation, AccessRole wanted)
    {
        var what = operation?.Id ?? "this";
        return caller.Role < wanted
                ? $"{what} wants {AccessWords.Somebody(wanted)}; {caller.Name} is {AccessWords.Somebody(caller.Role)}"
            : operation is { IsWhole: true } && !caller.CoversAll
                ? $"{what} is about the whole node; {caller.Name} may see and change only a part of it ({SelectorText.Format(caller.Scope)})"
            : null;
    }

    private TimeSpan? HowLong(Identity identity, HttpContext context)
    {
        if (identity.IsOwner)
        {
            return null;
        }

        var rate = settings().Rate;
        return identity switch
        {
            { Caller: { } caller, IsKnown: true } => limits.Take($"as {caller.Name}", rate, 2.0 * rate),
            { Caller: not null } => limits.Take($"at {NetworkOf(context)}", rate, 2.0 * rate),
            // Good credentials are never asked to wait for the bad ones of others at the same address.
            _ => limits.Take($"failing at {NetworkOf(context)}", FailuresPerSecond, FailuresAtOnce),
        };
    }

    private static Task RefuseForNowAsync(HttpContext context, TimeSpan wait)
    {
        var seconds = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds));
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return context.RefuseAsync(
            StatusCodes.Status429TooManyRequests,
            $"too many requests; the next one is taken in {seconds} s"
        );
    }

    private static Task RefuseAsync(HttpContext context, int status, string why)
    {
        if (status == StatusCodes.Status401Unauthorized)
        {
            // RFC 6750 section 3: an error is named only to who tried.
            context.Response.Headers.WWWAuthenticate =
                context.Request.Headers.Authorization.Count > 0
                    ? "Bearer realm=\"fulcrum\", error=\"invalid_token\""
                    : "Bearer realm=\"fulcrum\"";
        }

        return context.RefuseAsync(status, why);
    }

    private static AuditNote NoteOf(HttpContext context, Operation? operation, Identity identity, string from) =>
        new()
        {
            Who = identity.Caller?.Name ?? "unknown",
            Role = identity.Caller is { } caller ? AccessWords.Of(caller.Role) : null,
            From = from,
            Operation = operation?.Id ?? context.Request.Method,
            IsStranger = !identity.IsKnown,
            Target = AuditExtensions.Short(TargetOf(context, operation)),
        };

    private static string? TargetOf(HttpContext context, Operation? operation)
    {
        if (operation is null)
        {
            return context.Request.Path;
        }

        var parts = operation
            .Parameters.Where(part => part.IsInPath)
            .Select(part => context.PathPart(part.Name))
            .ToList();
        return parts.Count > 0 ? string.Join('/', parts)
            : context.Request.Query["target"] is [{ } target] ? target
            : null;
    }

    private static string FromOf(HttpContext context) =>
        context.Features.Get<LocalPeer>()?.ToString() ?? context.Connection.RemoteIpAddress?.ToString() ?? "unknown";

    // One site has at least a /64 of IPv6 (RFC 6177): who may choose among so many addresses is still one.
    private static string NetworkOf(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } address)
        {
            return FromOf(context);
        }

        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (IPAddress.IsLoopback(plain))
        {
            // There are 16 million of them, and whoever is here may have any.
            return "this machine";
        }

        if (plain.AddressFamily == AddressFamily.InterNetwork)
        {
            return plain.ToString();
        }

        var bytes = plain.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return $"{new IPAddress(bytes)}/64";
    }
}
