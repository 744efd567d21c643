"""The lab's backend: the smallest that answers for itself and for the database behind it."""

import json
import os

import psycopg2

from web import serve


def calls():
    """How many call records there are, and until when."""
    try:
        database = psycopg2.connect(os.environ["AKIRA_DATABASE"])
    except psycopg2.Error as error:
        return 503, "application/json", json.dumps({"error": str(error).strip()})
    try:
        with database.cursor() as cursor:
            cursor.execute("SELECT count(*) FILTER (WHERE type = 'setup'), extract(epoch FROM max(coalesce(t_end, t_final))) FROM cdr")
            attempts, newest = cursor.fetchone()
    except psycopg2.Error as error:
        return 503, "application/json", json.dumps({"error": str(error).strip()})
    finally:
        database.close()
    return 200, "application/json", json.dumps({"attempts": attempts, "newest": newest and float(newest)})


serve("akira-backend", 8080, {"/api/calls": calls})
