namespace Fulcrum.Engine.Ports;

/// <summary>Hears of failing traffic, on any thread.</summary>
public interface IPassiveListener
{
    void OnSignal(PassiveSignal signal);
}
