namespace Fulcrum.Health.Tls;

/// <summary>What TLS was to be done with cannot be used; the message names the file and what is wrong with it.</summary>
internal sealed class TlsSettingsException : Exception
{
    public TlsSettingsException(string message, Exception? inner = null)
        : base(message, inner) { }

    public TlsSettingsException(string message)
        : base(message) { }

    public TlsSettingsException() { }
}
