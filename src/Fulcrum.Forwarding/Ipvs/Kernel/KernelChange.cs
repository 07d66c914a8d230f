using Fulcrum.Linux.Ipvs;

namespace Fulcrum.Forwarding.Ipvs.Kernel;

/// <summary>One message to the kernel.</summary>
/// <param name="Owner">For whom, as problems name it.</param>
/// <param name="Key">The service that is meant.</param>
internal abstract record KernelChange(string Owner, IpvsServiceKey Key);

internal sealed record AddService(string Owner, IpvsService Service) : KernelChange(Owner, Service.Key)
{
    public override string ToString() => $"add {Key}";
}

internal sealed record ChangeService(string Owner, IpvsService Service) : KernelChange(Owner, Service.Key)
{
    public override string ToString() => $"change {Key}";
}

internal sealed record RemoveService(string Owner, IpvsServiceKey Key) : KernelChange(Owner, Key)
{
    public override string ToString() => $"remove {Key}";
}

internal sealed record AddServer(string Owner, IpvsServiceKey Key, IpvsDestination Server) : KernelChange(Owner, Key)
{
    public override string ToString() => $"add {Server} to {Key}";
}

internal sealed record ChangeServer(string Owner, IpvsServiceKey Key, IpvsDestination Server) : KernelChange(Owner, Key)
{
    public override string ToString() => $"change {Server} of {Key}";
}

internal sealed record RemoveServer(string Owner, IpvsServiceKey Key, IpvsDestination Server) : KernelChange(Owner, Key)
{
    public override string ToString() => $"remove {Server} from {Key}";
}
