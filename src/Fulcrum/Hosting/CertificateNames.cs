using Fulcrum.Acme;
using Fulcrum.Engine.Reconciling;
using Fulcrum.Model;

namespace Fulcrum.Hosting;

/// <summary>Tells the manager of certificates which names services want now.</summary>
internal sealed class CertificateNames(Reconciler engine, AcmeManager manager, TimeProvider time)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    public async Task RunAsync(CancellationToken stop)
    {
        Snapshot? told = null;
        while (true)
        {
            var snapshot = engine.State.Inputs.Snapshot;
            if (!ReferenceEquals(snapshot, told))
            {
                manager.Apply(snapshot);
                told = snapshot;
            }

            await Task.Delay(LookEvery, time, stop);
        }
    }
}
