using System.Net;
using Fulcrum.Model.Checks;

namespace Fulcrum.Engine.Ports;

/// <summary>
/// What a task asks, whoever asks how often. What is known of the answer stays true when only the timing changes:
/// otherwise a reload that touches a time-out would give traffic to every backend that is known to be down.
/// </summary>
public sealed record ProbeQuestion(
    ProbeSpec Probe,
    IPAddress Address,
    int Port,
    string? Path,
    string? Name,
    IPAddress? Source,
    int? Mark
)
{
    public static ProbeQuestion Of(ProbeTask task) =>
        new(task.Probe, task.Address, task.Port, task.Path, task.Name, task.Source, task.Mark);

    public bool Equals(ProbeQuestion? other) =>
        other is not null
        && Port == other.Port
        && Mark == other.Mark
        && Address.Equals(other.Address)
        && Path == other.Path
        && Name == other.Name
        && Equals(Source, other.Source)
        && (ReferenceEquals(Probe, other.Probe) || Probe.Equals(other.Probe));

    // As of the task: the rest tells apart hardly ever, and takes a walk over headers and answers.
    public override int GetHashCode() => HashCode.Combine(Address, Port, Probe.Kind, Mark);
}
