using Fulcrum.Model;
using Fulcrum.Model.Sources;

namespace Fulcrum.Engine.Ports;

/// <summary>A change of the configuration that is in force.</summary>
/// <param name="Source">Where the new content came from.</param>
/// <param name="By">Who wanted it.</param>
/// <param name="At">When.</param>
/// <param name="Content">All that the source that changed brings now: given to it again, it is as it was.</param>
/// <param name="Snapshot">The whole that is in force now.</param>
public sealed record AppliedChange(Source Source, string By, DateTimeOffset At, Snapshot Content, Snapshot Snapshot);
