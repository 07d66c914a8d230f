namespace Fulcrum.Engine.Ports;

/// <param name="Datagrams">How many there were.</param>
/// <param name="Bytes">What was in them.</param>
/// <param name="Silence">Milliseconds since the last one; beyond measure when there was none.</param>
public readonly record struct DatagramTally(long Datagrams, long Bytes, long Silence);
