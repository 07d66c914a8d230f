using System.Buffers.Binary;

namespace Fulcrum.Linux.Bpf.Programs;

/// <summary>A program that the kernel has verified and translated; it runs where it is attached.</summary>
public sealed class BpfProgram : BpfHandle
{
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
}
