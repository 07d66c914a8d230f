using Fulcrum.Model.Values;
using Fulcrum.Tls.Certificates;

namespace Fulcrum.Tls.Tickets;

/// <summary>Reads what the nodes of a group derive the keys of tickets from.</summary>
public static class TicketSecret
{
    private const string What = "secret of ticket keys";

    /// <exception cref="TlsException">It cannot be had, or is too short.</exception>
    public static ReadOnlyMemory<byte> Read(SecretReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var secret = SecretBytes.Read(reference, What);
        return secret.Length >= TicketKeys.MinimumSecret
            ? secret
            : throw new TlsException(
                $"{reference.File ?? reference.Variable}: has {secret.Length} bytes, but a {What} has to have at least {TicketKeys.MinimumSecret}"
            );
    }
}
