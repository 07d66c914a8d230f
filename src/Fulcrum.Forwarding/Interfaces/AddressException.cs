namespace Fulcrum.Forwarding.Interfaces;

/// <summary>Why an address or an interface cannot be as it is wanted, for people.</summary>
internal sealed class AddressException(string message) : Exception(message);
