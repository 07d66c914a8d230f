using Fulcrum.Linux;
using Fulcrum.Linux.Bpf.Links;
using Fulcrum.Linux.Bpf.Programs;
using Fulcrum.Linux.Netlink.Links;

namespace Fulcrum.Forwarding.Offload;

/// <summary>One interface where datagrams are turned, as long as it is there.</summary>
internal sealed class OffloadInterface(string name) : IDisposable
{
    private BpfLink? _link;

    public string Name => name;

    /// <summary>The interface that it stands at; 0: none.</summary>
    public int Index { get; private set; }

    /// <summary>Why it does not; null: it does.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Comes to where the interface is now: one that was made anew under its name is another one.</summary>
    public void Follow(IEnumerable<NetworkLink> links, BpfProgram program)
    {
        var found = links.FirstOrDefault(link => link.Name == name)?.Index ?? 0;
        if (found == Index && found != 0)
        {
            return;
        }

        Dispose();
        if (found == 0)
        {
            Trouble = $"offload: there is no interface {name}";
            return;
        }

        try
        {
            _link = BpfLink.AttachTcx(program, found, isEgress: false);
            (Index, Trouble) = (found, null);
        }
        catch (LinuxException error)
        {
            Trouble =
                error.Error == Errno.InvalidArgument
                    ? $"offload: {name} has no place for programs (tcx), which takes Linux 6.6"
                    : $"offload: {name}: {error.Message}";
        }
    }

    public void Dispose()
    {
        _link?.Dispose();
        (_link, Index) = (null, 0);
    }
}
