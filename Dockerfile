# The relay in a container: the program, the shared libraries that it links, and nothing else. docs/operations.md, «In a container».
#
#   docker build --build-arg REVISION=$(git describe --always --dirty=+changes --abbrev=12 --exclude='*') -t lethe .
ARG BASE=debian:bookworm-slim

FROM ${BASE} AS build
WORKDIR /src
COPY deploy/install-packages deploy/packages.txt deploy/
RUN deploy/install-packages build && rm -rf /var/lib/apt/lists/*
COPY . .
# The context has no .git to ask.
ARG REVISION=unknown
RUN cmake --preset quickstart -DLETHE_REVISION="${REVISION}" && cmake --build --preset quickstart --target lethe --parallel "$(nproc)"
RUN deploy/image-root build/release/bin/lethe /image

FROM scratch
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Lethe" \
      org.opencontainers.image.description="A store-and-forward relay that forgets" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /image /
# Nobody's: the image has no users.
USER 65532:65532
# Options as variables, so that the health check has the same ones. Flags of the run are its own.
ENV LETHE_LISTEN=0.0.0.0:8443
EXPOSE 8443
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=6s --start-period=30s CMD ["/usr/bin/lethe", "--health"]
ENTRYPOINT ["/usr/bin/lethe"]
