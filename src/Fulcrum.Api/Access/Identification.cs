using System.Security.Cryptography.X509Certificates;
using Fulcrum.Api.Access.Tokens;
using Fulcrum.Model;
using Fulcrum.Model.Access;
using Fulcrum.Model.Values;
using Microsoft.AspNetCore.Http;

namespace Fulcrum.Api.Access;

/// <summary>
/// Finds out who asks. Who shows a token is judged by it alone, wherever they come in; then a client's certificate
/// counts, then what the kernel says of a process at the Unix socket. Whoever says nothing may read on loopback, and
/// is nobody elsewhere.
/// </summary>
internal sealed class Identification(TokenStore tokens, TimeProvider time)
{
    private const string Scheme = "Bearer ";

    public Identity Of(HttpContext context, DoorKind door, ApiSettings settings)
    {
        if (context.Request.Headers.Authorization.Count > 0)
        {
            return ByToken(context.Request.Headers.Authorization);
        }

        if (door == DoorKind.Socket)
        {
            return ByPeer(context.Features.Get<LocalPeer>(), settings.Socket);
        }

        if (context.Connection.ClientCertificate is { } certificate)
        {
            return ByCertificate(certificate, settings.Clients);
        }

        return door == DoorKind.Loopback
            ? new() { Caller = Caller.Anonymous }
            : Identity.Nobody("who asks must say who they are, with a token or a client's certificate");
    }

    private Identity ByToken(Microsoft.Extensions.Primitives.StringValues header)
    {
        if (header is not [{ } text] || !text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return Identity.Nobody("the Authorization header is not 'Bearer TOKEN'");
        }

        if (tokens.Find(text[Scheme.Length..].Trim()) is not { } token)
        {
            return Identity.Nobody("the token is not known here; perhaps it was revoked");
        }

        return token.HasExpired(time.GetUtcNow())
            ? Identity.Nobody($"token {token.Name} expired at {token.Expires:u}; 'fulcrum token create' makes another")
            : Identity.Of(new($"token {token.Name}", token.Role, token.Scope));
    }

    private static Identity ByPeer(LocalPeer? peer, ApiSocket settings)
    {
        if (peer is null)
        {
            return Identity.Forbidden("the system does not say who is at the other end of the socket");
        }

        if (peer.IsOwner)
        {
            return Identity.Of(new(peer.User, AccessRole.Admin, Selector.Everything)) with { IsOwner = true };
        }

        // The mode of the socket says the same, but a mode is easily changed by hand.
        return settings.Group is { } group && peer.IsIn(group)
            ? Identity.Of(new(peer.User, settings.Role, Selector.Everything))
            : Identity.Forbidden(
                $"{peer.User} is not root, not the user that the daemon runs as, and not of the group that 'api: {{ socket: {{ group: ... }} }}' names"
            );
    }

    private Identity ByCertificate(X509Certificate2 certificate, Items<ApiClient> clients)
    {
        // A connection may live longer than what it was opened with.
        if (certificate.NotAfter.ToUniversalTime() <= time.GetUtcNow().UtcDateTime)
        {
            return Identity.Nobody("the client's certificate has expired since the connection was made");
        }

        var names = ClientNames.Of(certificate);
        foreach (var client in clients)
        {
            if (names.FirstOrDefault(name => ClientNames.Fits(client.Name, name)) is { } name)
            {
                return Identity.Of(new($"client {name}", client.Role, client.Select));
            }
        }

        return Identity.Forbidden(
            $"no entry of 'api: {{ clients: ... }}' fits the certificate's names: {string.Join(", ", names)}"
        );
    }
}
