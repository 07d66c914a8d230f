namespace Fulcrum.Linux.Processes;

/// <summary>Hears why the service manager gets no sign of life.</summary>
public interface IWatchdogEar
{
    /// <summary>It did not answer in time; told once, until it answers.</summary>
    void Hangs(string part, TimeSpan silent);

    void Answers(string part, TimeSpan silent);
}
