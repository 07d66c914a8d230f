using Fulcrum.Protocols.Grpc;

namespace Fulcrum.Fuzz;

/// <summary>Bodies of answers, and messages of calls that failed: all of them are read, or are none.</summary>
internal sealed class GrpcHealthTarget : IFuzzTarget
{
    public string Name => "grpc-health";

    public IReadOnlyList<string> Corpus => ["tests/Fulcrum.Fuzz/Corpus/grpc-health"];

    public void Run(ReadOnlySpan<byte> input)
    {
        // The length is made right, so that something of what follows is read.
        byte[] body = [0, 0, 0, (byte)(input.Length >> 8), (byte)input.Length, .. input];
        _ = HealthMessages.ReadStatus(input);
        _ = HealthMessages.ReadStatus(body);
        if (GrpcHealth.Decode(Convert.ToHexString(input)) != Convert.ToHexString(input))
        {
            throw new FuzzFailureException("a message without escapes changed");
        }

        _ = GrpcHealth.Decode(System.Text.Encoding.Latin1.GetString(input));
    }
}
