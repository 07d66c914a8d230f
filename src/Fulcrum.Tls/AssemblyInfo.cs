using System.Runtime.CompilerServices;

// Every signature here is blittable; with run-time marshalling off the compiler proves it.
[assembly: DisableRuntimeMarshalling]
