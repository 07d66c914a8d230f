using System.Buffers.Binary;
using Fulcrum.Linux.Bpf.Programs;

namespace Fulcrum.Linux.Bpf.Links;

/// <summary>
/// A program at its place. As long as somebody has the link (this process, or a pin) the program stays; another program
/// can take its place in one step, so that no packet misses both.
/// </summary>
public sealed class BpfLink : BpfHandle
{
    private BpfLink(int descriptor)
        : base(descriptor) { }

    private protected override string Kind => "link";

    /// <summary>At an interface, before the kernel has made anything of a packet.</summary>
    /// <param name="program">For XDP.</param>
    /// <param name="link">The interface's index.</param>
    /// <param name="mode">Where exactly.</param>
    /// <exception cref="LinuxException">
    /// <see cref="Errno.Busy"/>: another program is there; <see cref="Errno.NotSupported"/>: this interface cannot.
    /// </exception>
    public static BpfLink AttachXdp(BpfProgram program, int link, XdpMode mode) =>
        Make(program, link, BpfAttachType.Xdp, (uint)mode);

    /// <summary>At an interface's hooks of traffic control, behind those that are there (Linux 6.6).</summary>
    /// <exception cref="LinuxException">
    /// <see cref="Errno.InvalidArgument"/> where the kernel is older: then it is <see cref="BpfFilter"/>.
    /// </exception>
    public static BpfLink AttachTcx(BpfProgram program, int link, bool isEgress) =>
        Make(program, link, isEgress ? BpfAttachType.TcxEgress : BpfAttachType.TcxIngress, 0);

    /// <summary>In a network namespace: it chooses listeners.</summary>
    /// <param name="program">Of the kind <see cref="BpfProgramType.SocketLookup"/>.</param>
    /// <param name="space">A descriptor of the namespace.</param>
    /// <exception cref="LinuxException"/>
    public static BpfLink AttachSocketLookup(BpfProgram program, Microsoft.Win32.SafeHandles.SafeFileHandle space) =>
        Make(program, (int)space.DangerousGetHandle(), BpfAttachType.SocketLookup, 0);

    /// <summary>For the processes of a control group.</summary>
    /// <exception cref="LinuxException"/>
    public static BpfLink AttachControlGroup(BpfProgram program, Microsoft.Win32.SafeHandles.SafeFileHandle group) =>
        Make(program, (int)group.DangerousGetHandle(), program.Attach, 0);

    /// <summary>One that has a name in the BPF file system; null: there is no such name.</summary>
    /// <exception cref="LinuxException"/>
    public static BpfLink? Open(string path) => Open(path, "link") is { } descriptor ? new(descriptor) : null;

    /// <summary>Of XDP and tcx: the index of the interface; 0: it is gone, and the link without effect.</summary>
    /// <exception cref="LinuxException"/>
    public int Interface
    {
        get
        {
            // struct bpf_link_info: type, id, program, a gap, then what its kind has.
            Span<byte> information = stackalloc byte[24];
            Inform(information);
            return BinaryPrimitives.ReadInt32LittleEndian(information[16..]);
        }
    }

    /// <summary>From the next packet on it is this program.</summary>
    /// <exception cref="LinuxException"/>
    public void Replace(BpfProgram program)
    {
        var argument = new LinkArgument { Link = Descriptor, Program = program.Descriptor };
        _ = BpfCall.DoOrThrow(BpfCommand.UpdateLink, ref argument, $"put BPF program {program.Name} in a place");
    }

    /// <summary>Takes the program away, whoever else has the link.</summary>
    /// <exception cref="LinuxException"/>
    public void Detach()
    {
        var argument = new LinkArgument { Link = Descriptor };
        _ = BpfCall.DoOrThrow(BpfCommand.DetachLink, ref argument, "take a BPF program away");
    }

    private static BpfLink Make(BpfProgram program, int target, BpfAttachType attach, uint flags)
    {
        var argument = new MakeLinkArgument
        {
            Program = program.Descriptor,
            Target = target,
            Attach = (uint)attach,
            Flags = flags,
        };
        return new(BpfCall.DoOrThrow(BpfCommand.MakeLink, ref argument, $"attach BPF program {program.Name}"));
    }
}
