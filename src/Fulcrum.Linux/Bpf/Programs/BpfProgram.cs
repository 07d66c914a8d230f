using System.Buffers.Binary;

namespace Fulcrum.Linux.Bpf.Programs;

/// <summary>A program that the kernel has verified and translated; it runs where it is attached.</summary>
public sealed class BpfProgram : BpfHandle
{
    /// <summary>BPF_F_TEST_XDP_LIVE_FRAMES.</summary>
    private const uint LiveFrames = 1 << 1;

    internal BpfProgram(int descriptor, string name, BpfProgramType type, BpfAttachType attach)
        : base(descriptor) => (Name, Type, Attach) = (name, type, attach);

    public string Name { get; }

    public BpfProgramType Type { get; }

    /// <summary>Where it is meant to be attached.</summary>
    public BpfAttachType Attach { get; }

    /// <summary>The kernel's number for it.</summary>
    public uint Id
    {
        get
        {
            Span<byte> information = stackalloc byte[8];
            Inform(information);
            return BinaryPrimitives.ReadUInt32LittleEndian(information[4..]);
        }
    }

    private protected override string Kind => "program";

    /// <summary>
    /// Runs it on a packet, without any interface. The packet is that of the run before when it is repeated: a program
    /// that changes its packet then sees what it made of it.
    /// </summary>
    /// <param name="packet">From its Ethernet header on, at least 14 bytes.</param>
    /// <param name="result">Room for what it made of it.</param>
    /// <param name="options">How it is run.</param>
    /// <exception cref="LinuxException"/>
    public unsafe BpfRun Test(ReadOnlySpan<byte> packet, Span<byte> result, BpfRunOptions options = default)
    {
        fixed (byte* input = packet)
        fixed (byte* output = result)
        fixed (byte* context = options.Context)
        fixed (byte* contextResult = options.ContextResult)
        {
            var argument = new TestRunArgument
            {
                Program = Descriptor,
                Input = input,
                InputLength = (uint)packet.Length,
                Output = output,
                OutputLength = (uint)result.Length,
                Repeat = (uint)Math.Max(1, options.Repeat),
                ContextInput = context,
                ContextInputLength = (uint)options.Context.Length,
                ContextOutput = contextResult,
                ContextOutputLength = (uint)options.ContextResult.Length,
            };
            _ = BpfCall.DoOrThrow(BpfCommand.TestRun, ref argument, $"run BPF program {Name}");
            return new(argument.Returned, (int)argument.OutputLength, argument.Duration);
        }
    }

    /// <summary>
    /// Runs it on frames that the kernel makes, and what it says of each is done as if the frame had come in (Linux 5.18):
    /// a generator of traffic. All of it is on the calling thread's account, as far as the kernel takes it up at once.
    /// Frames come back when they are done with, as whoever had them left them.
    /// </summary>
    /// <param name="frame">From its Ethernet header on, as it is at first.</param>
    /// <param name="frames">How many.</param>
    /// <returns>False: a signal ended it before all were made; the program has to know how many it saw.</returns>
    /// <exception cref="LinuxException"/>
    public unsafe bool Inject(ReadOnlySpan<byte> frame, int frames)
    {
        fixed (byte* input = frame)
        {
            var argument = new TestRunArgument
            {
                Program = Descriptor,
                Input = input,
                InputLength = (uint)frame.Length,
                Repeat = (uint)frames,
                Flags = LiveFrames,
            };
            var result = BpfCall.Do(BpfCommand.TestRun, ref argument);
            return result != -(int)Errno.Interrupted
                && LinuxException.ThrowIfError(result, $"inject frames by BPF program {Name}") >= 0;
        }
    }
}
