namespace Fulcrum.Protocols.ProxyHeaders;

public enum ProxyCommand
{
    /// <summary>The proxy has something to say itself, such as a health check: the real end points count.</summary>
    Local,

    /// <summary>The connection is another's.</summary>
    Proxy,
}
