# extract in a container, for reports that lie in the folder where you are:
#   docker build --tag extract .
#   docker run --rm --user "$(id -u):$(id -g)" --volume "$PWD:/work" extract reports/ -o out/

FROM python:3.13-slim AS build
RUN apt-get update \
 && apt-get install --yes --no-install-recommends gcc libc6-dev \
 && rm -rf /var/lib/apt/lists/*
COPY . /source
RUN python -m venv /opt/extract && /opt/extract/bin/pip install --no-cache-dir '/source[sql]'

FROM python:3.13-slim
# what stands in for fonts that a PDF does not embed
RUN apt-get update \
 && apt-get install --yes --no-install-recommends fonts-wqy-zenhei \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home reader
COPY --from=build /opt/extract /opt/extract
ENV PATH=/opt/extract/bin:$PATH LC_ALL=C.UTF-8 XDG_CACHE_HOME=/tmp/cache
USER reader
WORKDIR /work
ENTRYPOINT ["extract"]
CMD ["--help"]
