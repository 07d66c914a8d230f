using Fulcrum.Forwarding.Xdp.Pinning;
using Fulcrum.Linux;
using Fulcrum.Linux.Bpf.Links;
using Fulcrum.Linux.Bpf.Programs;

namespace Fulcrum.Forwarding.Xdp.Placing;

/// <summary>By a link that has a name.</summary>
internal sealed class LinkPlace : Place
{
    private readonly PinFolder _pins;
    private readonly string _name;
    private readonly BpfLink _link;

    private LinkPlace(PinFolder pins, string name, BpfLink link) => (_pins, _name, _link) = (pins, name, link);

    public override int Interface => _link.Interface;

    /// <summary>Gives a link its name.</summary>
    /// <exception cref="LinuxException"/>
    public static LinkPlace Of(PinFolder pins, string name, BpfLink link)
    {
        try
        {
            pins.PinLink(name, link);
        }
        catch
        {
            link.Dispose();
            throw;
        }

        return new(pins, name, link);
    }

    /// <summary>Null: there is none of that name.</summary>
    /// <exception cref="LinuxException"/>
    public static LinkPlace? Find(PinFolder pins, string name) =>
        pins.OpenLink(name) is { } link ? new(pins, name, link) : null;

    public override Task ReplaceAsync(BpfProgram program)
    {
        _link.Replace(program);
        return Task.CompletedTask;
    }

    public override Task DetachAsync()
    {
        try
        {
            _link.Detach();
        }
        catch (LinuxException)
        {
            // Its interface went, and the program with it.
        }

        _pins.RemoveLink(_name);
        return Task.CompletedTask;
    }

    public override void Dispose() => _link.Dispose();
}
