using Microsoft.Extensions.Logging;

namespace Fulcrum.Fuzz;

/// <summary>A log that keeps nothing but the last exception.</summary>
internal sealed class DefectLog : ILoggerFactory, ILogger
{
    public Exception? Last { get; private set; }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) { }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => Last = exception ?? Last;

    public void Dispose() { }
}
