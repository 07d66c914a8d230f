namespace Fulcrum.Engine.Ports;

/// <summary>
/// An object was made, but is not yet what it shall be, and nobody has to do anything but wait. The adapter tells when
/// it is; until then nobody can count on it, and nothing has failed.
/// </summary>
public sealed class StillComingException(string message) : Exception(message);
