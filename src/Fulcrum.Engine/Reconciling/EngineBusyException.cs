namespace Fulcrum.Engine.Reconciling;

/// <summary>So many requests wait for the engine already that this one was not taken; nothing was changed.</summary>
public sealed class EngineBusyException()
    : Exception("too many changes wait for the engine already, so this one was not taken; try again in a moment");
