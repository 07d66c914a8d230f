using Fulcrum.Linux.Bpf.Objects;

namespace Fulcrum.Fuzz;

/// <summary>Objects of BPF programs: refused with a reason, or put together.</summary>
internal sealed class BpfObjectTarget : IFuzzTarget
{
    public string Name => "bpf-object";

    public IReadOnlyList<string> Corpus => ["tests/Fulcrum.Fuzz/Corpus/bpf-object"];

    public void Run(ReadOnlySpan<byte> input)
    {
        try
        {
            var read = BpfObject.Parse(input.ToArray());
            foreach (var program in read.Programs)
            {
                _ = Linker.Link(read, program);
            }

            _ = read.Types.LayoutOf("key");
        }
        catch (BpfObjectException)
        {
            // It said why.
        }
    }
}
