namespace Fulcrum.Proxy.Tests.Simulation;

/// <summary>How a client begins where a header is looked for.</summary>
internal enum Greeting
{
    /// <summary>With a header that says nothing of whom it comes from.</summary>
    Whole,

    /// <summary>With what can become no header.</summary>
    Broken,

    /// <summary>With its data.</summary>
    Missing,
}
