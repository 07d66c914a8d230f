using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Reasons;

namespace Fulcrum.Engine.Reconciling;

/// <summary>Services that nothing carries: nobody is told by a check, so that the log tells.</summary>
public sealed partial class Reconciler
{
    private const int MostServiceLines = 100;

    private void TellOfCarrying(DerivedState before, DerivedState after)
    {
        var told = 0;
        foreach (var (name, old, now) in after.Services.ChangesSince(before.Services))
        {
            if (now?.Reason is NoPlane reason && old?.Reason != now.Reason && told++ < MostServiceLines)
            {
                LogNotCarried(name, reason.Text);
            }
        }

        if (told > MostServiceLines)
        {
            LogMoreNotCarried(told - MostServiceLines);
        }
    }
}
