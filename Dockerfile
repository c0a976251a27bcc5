FROM python:3.11-slim

# Only what the service needs: its pinned requirements, its code and the law.
WORKDIR /srv/deelwijzer
COPY requirements.txt .
# A numeric user, so that an orchestrator can see that it is not root. Only /data is its own.
RUN pip install --no-cache-dir --require-hashes -r requirements.txt \
    && groupadd --gid 10001 deelwijzer \
    && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin deelwijzer \
    && install -d -o 10001 -g 10001 /data
# `deelwijzer …` in the container is the same command as outside it.
RUN printf '#!/bin/sh\nexec python -m app.cli "$@"\n' > /usr/local/bin/deelwijzer && chmod 755 /usr/local/bin/deelwijzer
COPY LICENSE .
COPY app app
COPY facts facts
COPY policies policies

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    HOST=0.0.0.0 PORT=8000 \
    DEELWIJZER_CACHE=/srv/deelwijzer/.cache \
    DEELWIJZER_LOG_URL=sqlite:////data/deelwijzer.db

# Both engines decide every scenario here, once; the service starts on that verdict, also from a read-only disk.
RUN python -m compileall -q app && python -m app.cli check
USER 10001:10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/readyz', timeout=4)"]
ENTRYPOINT ["python", "-m", "app.cli"]
CMD ["serve"]
