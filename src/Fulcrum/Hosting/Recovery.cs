using Fulcrum.Engine.Journaling;
using Fulcrum.Engine.Reconciling;
using Microsoft.Extensions.Logging;

namespace Fulcrum.Hosting;

/// <summary>Says what was found at the start, and what is left at the end.</summary>
internal static partial class Recovery
{
    public static void Tell(ILogger log, JournalRecovery recovery)
    {
        if (recovery.Entries > 0)
        {
            LogRecovered(log, recovery);
        }

        foreach (var problem in recovery.Problems)
        {
            LogProblem(log, problem);
        }
    }

    public static void Tell(ILogger log, IEnumerable<string> restored)
    {
        foreach (var sentence in restored)
        {
            LogRestored(log, sentence);
        }
    }

    public static void TellProblem(ILogger log, string problem) => LogLost(log, problem);

    public static void TellLeft(ILogger log, IEnumerable<ObjectStatus> objects)
    {
        foreach (var left in objects.Where(left => left.Condition is not ObjectCondition.Standing))
        {
            LogLeft(log, left.Kind, left.Key, left.Reason);
        }
    }
}
