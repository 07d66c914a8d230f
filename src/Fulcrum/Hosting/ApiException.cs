using Fulcrum.Api.Problems;

namespace Fulcrum.Hosting;

/// <summary>A running node gave no answer, or said no.</summary>
internal sealed class ApiException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What the node said; null: it did not answer.</summary>
    public ProblemDocument? Refusal { get; init; }
}
