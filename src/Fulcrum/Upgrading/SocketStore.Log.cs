using Microsoft.Extensions.Logging;

namespace Fulcrum.Upgrading;

internal sealed partial class SocketStore
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The service manager keeps no more than {Room} sockets (FileDescriptorStoreMax=): a restart closes the others"
    )]
    private partial void LogFull(int room);
}
