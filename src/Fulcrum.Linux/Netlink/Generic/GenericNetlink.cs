namespace Fulcrum.Linux.Netlink.Generic;

/// <summary>
/// Generic netlink: many families behind one protocol, whose numbers the kernel gives when they are loaded and tells by
/// name. Asking for a name loads the module that has it, where the kernel is allowed to.
/// </summary>
public sealed class GenericNetlink : IDisposable
{
    /// <param name="open">Opens sockets in the namespace that is meant, from whatever thread.</param>
    /// <param name="patience">How long the kernel may take for each answer.</param>
    public GenericNetlink(NetlinkOpening open, TimeProvider time, TimeSpan patience)
    {
        Connection = new(() => open(NetlinkProtocol.Generic), time, patience);
    }

    public NetlinkConnection Connection { get; }

    /// <summary>The family of this name; null: this kernel has none.</summary>
    /// <exception cref="NetlinkException"/>
    public async Task<GenericFamily?> FindAsync(string name, CancellationToken cancellation = default)
    {
        using var writer = new NetlinkWriter();
        writer.Begin(GenericFamilyCodec.Controller, NetlinkFlags.None);
        GenericMessage.Write(writer, GenericFamilyCodec.GetFamily, GenericFamilyCodec.ControllerVersion);
        writer.Put(GenericFamilyCodec.FamilyName, name);
        writer.End();
        try
        {
            var found = await Connection.AskAsync<GenericFamily>(
                writer,
                GenericFamilyCodec.TryDecode!,
                $"find the netlink family {name}",
                cancellation
            );
            return found is [{ } family] ? family : null;
        }
        catch (NetlinkException exception) when (exception.Error == Errno.NotFound)
        {
            return null;
        }
    }

    public void Dispose() => Connection.Dispose();
}
