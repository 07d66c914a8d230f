using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Fulcrum.Api;
using Fulcrum.Engine.History;
using Fulcrum.Engine.Journaling;
using Fulcrum.Engine.Reconciling;
using Fulcrum.Model.Sources;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fulcrum.Fuzz;

/// <summary>
/// Requests to the API of a node: the first line is method and path, then come header lines, an empty line and the
/// body. Whatever it is, it is answered, and not by 500; and the engine behind lives on.
/// </summary>
internal sealed class ApiTarget : IFuzzTarget
{
    /// <summary>What runs made is thrown away after so many, or each would take longer than the one before.</summary>
    private const int RunsOfANode = 400;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private Node? _node;
    private int _runs;

    public string Name => "api";

    public IReadOnlyList<string> Corpus => ["tests/Fulcrum.Fuzz/Corpus/api"];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (_node is null || ++_runs % RunsOfANode == 0)
        {
            _node?.Dispose();
            _node = new();
        }

        var request = RequestOf(input);
        var answer = _node.Ask(request);
        if (answer.StartsWith("HTTP/1.1 500", StringComparison.Ordinal))
        {
            throw new FuzzFailureException($"{_node.LastDefect}\n{answer}");
        }

        // What is no HTTP at all may be answered by closing.
        if (answer.Length > 0 && !answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal))
        {
            throw new FuzzFailureException($"no answer: {answer}");
        }

        _node.MustLive();
    }

    private static byte[] RequestOf(ReadOnlySpan<byte> input)
    {
        var end = input.IndexOf("\n\n"u8);
        var head = Encoding.Latin1.GetString(end < 0 ? input : input[..end]);
        var body = end < 0 ? [] : input[(end + 2)..];
        var lines = head.Split('\n');
        var first = lines[0].Split(' ', 2);
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"{first[0]} /api/v1{(first.Length > 1 ? first[1] : "")} HTTP/1.1\r\n"
        );
        text.Append("Host: fulcrum\r\nConnection: close\r\n");
        foreach (var line in lines.Skip(1))
        {
            text.Append(line).Append("\r\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n\r\n");
        return [.. Encoding.Latin1.GetBytes(text.ToString()), .. body];
    }

    private sealed class Node : IDisposable
    {
        private readonly TemporaryDirectory _folder = new();
        private readonly CancellationTokenSource _stop = new();
        private readonly DefectLog _log = new();
        private readonly Journal _journal;
        private readonly Reconciler _engine;
        private readonly Task _deciding;
        private readonly ApiServer _api;

        public Node()
        {
            var adapters = new QuietAdapters();
            _journal = Journal.OpenAsync(new MemoryJournalDisk(), new(), CancellationToken.None).Result;
            _engine = new(
                "lb1",
                [adapters],
                _journal,
                TimeProvider.System,
                new Random(1),
                NullLogger<Reconciler>.Instance
            );
            _deciding = Task.Run(() => _engine.RunAsync(new() { Prober = adapters, Resolver = adapters }, _stop.Token));
            var web = Configuration
                .SnapshotLoader.Parse(
                    """{ "services": { "web": { "listen": "tcp://127.0.0.1:8080", "backends": ["10.0.0.1:80"] } } }""",
                    "web",
                    Configuration.ConfigurationFormat.Json
                )
                .Snapshot!;
            _ = _engine.ApplyAsync(Source.File("web.yaml"), web, new() { By = "fuzz" }).Result;
            var context = new NodeContext
            {
                Identity = new("lb1", "1.2.3", "web.yaml", DateTimeOffset.UnixEpoch),
                Engine = _engine,
                Checks = adapters,
                Sessions = adapters,
                History = SnapshotHistory.Open(_folder.PathOf("history")),
                Time = TimeProvider.System,
            };
            _api = ApiServer.StartAsync(Socket, context, _log, CancellationToken.None).Result;
        }

        public Exception? LastDefect => _log.Last;

        private string Socket => _folder.PathOf("api.sock");

        /// <summary>The answer, or its beginning: streams do not end by themselves.</summary>
        public string Ask(byte[] request)
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.ReceiveTimeout = socket.SendTimeout = (int)Patience.TotalMilliseconds;
            socket.Connect(new UnixDomainSocketEndPoint(Socket));
            try
            {
                socket.Send(request);
            }
            catch (SocketException)
            {
                // It was refused before it was all sent; the answer may be there all the same.
            }

            var buffer = new byte[256];
            try
            {
                return Encoding.Latin1.GetString(buffer, 0, socket.Receive(buffer));
            }
            catch (SocketException error) when (error.SocketErrorCode != SocketError.TimedOut)
            {
                return "";
            }
        }

        public void MustLive()
        {
            if (_deciding.IsCompleted)
            {
                throw new FuzzFailureException($"the engine has ended: {_deciding.Exception}");
            }
        }

        public void Dispose()
        {
            _api.DisposeAsync().AsTask().Wait();
            _stop.Cancel();
            try
            {
                _deciding.Wait();
            }
            catch (AggregateException)
            {
                // Cancelled, as it should be.
            }

            _engine.Dispose();
            _journal.DisposeAsync().AsTask().Wait();
            _stop.Dispose();
            _folder.Dispose();
        }
    }
}
