package loop.rides;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Rides that have begun and not ended. */
public final class Rides {
    private final Map<UUID, Instant> begun = new ConcurrentHashMap<>();

    public UUID start() {
        UUID ride = UUID.randomUUID();
        begun.put(ride, Instant.now());
        return ride;
    }

    public boolean end(UUID ride) {
        return begun.remove(ride) != null;
    }
}
