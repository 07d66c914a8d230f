namespace Fulcrum.Hosting;

/// <summary>A running node did not answer; the message says why, for people.</summary>
internal sealed class ApiException(string message, Exception? cause = null) : Exception(message, cause);
