namespace Fulcrum.Interop.Tests.Securing;

/// <summary>What a row tells of a connection that succeeds, beside its version.</summary>
[Flags]
internal enum Tells
{
    Version = 0,
    Resumption = 1,
    Protocol = 2,
    Subject = 4,
    Key = 8,
    Staple = 16,
}
