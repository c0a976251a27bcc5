FROM python:3.11-slim

# Only what the service needs: its pinned requirements, its code and the law.
WORKDIR /srv/deelwijzer
COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt \
    && useradd --system --no-create-home --shell /usr/sbin/nologin deelwijzer
COPY LICENSE .
COPY app app
COPY facts facts
COPY policies policies

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DEELWIJZER_CACHE=/srv/deelwijzer/.cache

# Both engines decide every scenario here, once; the service starts on that verdict.
RUN python -m app.cli check
USER deelwijzer
EXPOSE 8000
CMD ["uvicorn", "app.main:create_app", "--factory", "--host", "0.0.0.0", "--port", "8000", "--no-server-header", "--no-access-log"]
