namespace Fulcrum.Protocols.Dns;

/// <summary>A question of the class IN. The name is written as in a zone file, absolute with or without a last dot.</summary>
public sealed record DnsQuestion(string Name, DnsRecordType Type);
