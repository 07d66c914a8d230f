namespace Fulcrum.Engine.Ports;

/// <summary>Hears of every change that is in force, in order, on the engine's loop: it must not wait for anything.</summary>
public interface IChangeListener
{
    void OnApplied(AppliedChange change);
}
