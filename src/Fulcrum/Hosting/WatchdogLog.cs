using Fulcrum.Linux.Processes;
using Microsoft.Extensions.Logging;

namespace Fulcrum.Hosting;

/// <summary>Tells the log who keeps the service manager waiting.</summary>
internal sealed partial class WatchdogLog(ILogger log) : IWatchdogEar
{
    public void Hangs(string part, TimeSpan silent) => LogHangs(log, part, silent.TotalSeconds);

    public void Answers(string part, TimeSpan silent) => LogAnswers(log, part, silent.TotalSeconds);
}
