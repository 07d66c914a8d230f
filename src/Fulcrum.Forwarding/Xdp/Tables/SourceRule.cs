namespace Fulcrum.Forwarding.Xdp.Tables;

internal enum SourceRule : uint
{
    Allowed = 1,
    Denied = 2,
}
