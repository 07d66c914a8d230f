using Fulcrum.Linux.Processes;
using Fulcrum.Linux.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Fulcrum.Api.Access;

/// <summary>Who is at the other end of a connection on the Unix socket; asked of the kernel once for each.</summary>
internal sealed record LocalPeer(PeerCredentials Credentials, string User)
{
    private const uint Root = 0;

    /// <summary>Root, or the user that the daemon runs as: whoever that is can change its files and memory anyway.</summary>
    public bool IsOwner => Credentials.UserId == Root || Credentials.UserId == Accounts.OwnUserId;

    public static void Use(ListenOptions listen) =>
        listen.Use(next =>
            connection =>
            {
                if (
                    connection.Features.Get<IConnectionSocketFeature>() is { } feature
                    && PeerCredentials.Of(feature.Socket.SafeHandle) is { } credentials
                )
                {
                    connection.Features.Set(new LocalPeer(credentials, NameOf(credentials.UserId)));
                }

                return next(connection);
            }
        );

    public bool IsIn(string group) => Accounts.GroupId(group) is { } id && Credentials.GroupIds.Contains(id);

    public override string ToString() => $"local process {Credentials.ProcessId}";

    private static string NameOf(uint userId) =>
        userId == Root ? "root" : Accounts.UserName(userId) ?? $"user {userId}";
}
