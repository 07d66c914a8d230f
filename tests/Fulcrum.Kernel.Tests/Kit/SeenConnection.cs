namespace Fulcrum.Kernel.Tests.Kit;

/// <summary>A connection in a director's table, in ipvsadm's words.</summary>
internal sealed record SeenConnection(string Protocol, string State, string Client, string Service, string Server);
