namespace Fulcrum.Fuzz;

/// <summary>The target did not throw, but what it made of the input cannot be right.</summary>
internal sealed class FuzzFailureException(string message) : Exception(message);
