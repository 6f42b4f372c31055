# Two stages: the first builds a virtual environment, the second carries only that.
FROM python:3.12-slim AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY bot bot
COPY knowledge knowledge
RUN python -m venv /opt/authbot \
 && /opt/authbot/bin/pip install --no-cache-dir --disable-pip-version-check --constraint constraints.txt . \
 && /opt/authbot/bin/python -m compileall -q /opt/authbot/lib \
 && XDG_CACHE_HOME=/var/cache /opt/authbot/bin/authbot ask 401 > /dev/null \
 && rm -rf /opt/authbot/lib/python3.12/site-packages/pip /opt/authbot/lib/python3.12/site-packages/setuptools

FROM python:3.12-slim
RUN useradd --uid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin authbot \
 && install --directory --owner=authbot --group=authbot --mode=0750 /data
COPY --from=build /opt/authbot /opt/authbot
# What the first start would work out of the knowledge, so that it need not.
COPY --from=build --chown=authbot:authbot /var/cache/authbot /var/cache/authbot
ENV PATH=/opt/authbot/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    XDG_CACHE_HOME=/var/cache \
    AUTHBOT_DATABASE_URL=sqlite+aiosqlite:////data/authbot.sqlite3
USER authbot
WORKDIR /data
VOLUME /data
# The token comes in at run time: docker run --env DISCORD_TOKEN … --volume authbot:/data authbot
ENTRYPOINT ["authbot"]
CMD ["run"]
