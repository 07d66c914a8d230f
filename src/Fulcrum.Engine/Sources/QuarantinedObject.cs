using Fulcrum.Model.Problems;
using Fulcrum.Model.Sources;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Sources;

/// <summary>What a live source brings but nobody gets, and why. It comes back by itself when the cause is gone.</summary>
public sealed record QuarantinedObject(Source Source, ObjectKey Key, Items<Problem> Problems);
