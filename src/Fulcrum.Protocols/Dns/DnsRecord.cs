namespace Fulcrum.Protocols.Dns;

/// <summary>
/// A record of the class IN. The data is the text that people write, such as <c>10 mx1.example.com</c>; names are in
/// lower case and without a last dot. Data of other types is <c>\# length hex</c> (RFC 3597 section 5).
/// </summary>
public sealed record DnsRecord(string Name, DnsRecordType Type, uint Ttl, string Data);
