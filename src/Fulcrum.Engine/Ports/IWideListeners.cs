namespace Fulcrum.Engine.Ports;

/// <summary>Who leads clients of many addresses or ports to a few sockets.</summary>
public interface IWideListeners
{
    /// <summary>What was wanted of it and is not so, and is tried again. Null: all is.</summary>
    string? Trouble { get; }

    /// <summary>Why it cannot be; null: it can, as far as can be told beforehand.</summary>
    string? WhyNot();

    /// <summary>Leads to these from now on, and to no others. Does not throw.</summary>
    Task LeadAsync(IReadOnlyList<WideListener> listeners);
}
